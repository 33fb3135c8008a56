"""The app's own small kit of widgets."""
