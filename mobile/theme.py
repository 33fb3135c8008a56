"""How the app looks: colours, spacings and type sizes, all in one place. Knows no Kivy.

Sizes are density-independent pixels; kv turns them into pixels with `dp` and `sp`.
"""

from dataclasses import dataclass

Colour = tuple[float, float, float, float]


def colour(hex_rgb: str) -> Colour:
    """Kivy's four numbers for a colour as "#RRGGBB"."""
    red, green, blue = (int(hex_rgb[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return (red, green, blue, 1.0)


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours (WCAG 2.2, "contrast ratio"), 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(of: Colour) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in of[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@dataclass(frozen=True, slots=True)
class Theme:
    """One look. Names say what a value is for, not what it is."""

    background: Colour
    surface: Colour
    primary: Colour
    primary_pressed: Colour
    on_primary: Colour
    soft: Colour
    pressed: Colour
    text: Colour
    muted: Colour
    line: Colour
    error: Colour
    error_soft: Colour
    warning: Colour
    warning_soft: Colour
    good: Colour
    waiting: Colour
    shade: Colour = (0.0, 0.0, 0.0, 0.55)

    # Sizes of type, in sp.
    small: float = 15
    body: float = 17
    title: float = 21
    icon: float = 26

    # Spacings and least sizes, in dp.
    gap: float = 8
    margin: float = 16
    touch: float = 48
    field: float = 52
    bar: float = 60
    radius: float = 10
    widest: float = 640


# Bright sun: dark ink on near white, one green that also carries white text.
LIGHT = Theme(
    background=colour("#F3F5EE"),
    surface=colour("#FFFFFF"),
    primary=colour("#1D5F2D"),
    primary_pressed=colour("#123F1D"),
    on_primary=colour("#FFFFFF"),
    soft=colour("#E2EEDD"),
    pressed=colour("#D5E5CF"),
    text=colour("#191D18"),
    muted=colour("#4B5348"),
    line=colour("#757D71"),
    error=colour("#A8201A"),
    error_soft=colour("#FCE9E7"),
    warning=colour("#7A4300"),
    warning_soft=colour("#FFF1D6"),
    good=colour("#1D5F2D"),
    waiting=colour("#0B4F9E"),
)
