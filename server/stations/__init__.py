"""Stations, their devices and sensors."""
