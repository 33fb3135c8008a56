"""The signs of the icon font that the app uses: Material Design Icons name to character."""

from mobile.records import Standing

ICONS = {
    "account-school": "\U000f1a20",
    "alert-circle": "\U000f0028",
    "arrow-left": "\U000f004d",
    "barn": "\U000f0b5e",
    "calendar": "\U000f00ed",
    "cash-plus": "\U000f1261",
    "check-decagram": "\U000f0791",
    "checkbox-blank-outline": "\U000f0131",
    "checkbox-marked": "\U000f0132",
    "chevron-left": "\U000f0141",
    "chevron-right": "\U000f0142",
    "clock-outline": "\U000f0150",
    "close": "\U000f0156",
    "cloud-check-outline": "\U000f1bec",
    "delete-outline": "\U000f09e7",
    "file-document-outline": "\U000f09ee",
    "file-edit-outline": "\U000f11e8",
    "logout": "\U000f0343",
    "magnify": "\U000f0349",
    "plus": "\U000f0415",
    "radiobox-blank": "\U000f043d",
    "radiobox-marked": "\U000f043e",
    "school": "\U000f0474",
    "sprout": "\U000f0e66",
    "swap-horizontal-bold": "\U000f0bcd",
    "sync": "\U000f04e6",
    "translate": "\U000f05ca",
    "undo-variant": "\U000f054d",
    "walk": "\U000f0583",
}


# Sign and colour (a name in the theme) of each standing; the word stands beside them.
LOOKS = {
    Standing.DRAFT: ("file-edit-outline", "muted"),
    Standing.WAITING: ("clock-outline", "waiting"),
    Standing.SENT: ("cloud-check-outline", "muted"),
    Standing.RETURNED: ("undo-variant", "warning"),
    Standing.VERIFIED: ("check-decagram", "good"),
    Standing.REJECTED: ("alert-circle", "error"),
    Standing.CONFLICT: ("swap-horizontal-bold", "error"),
}


def icon(name: str) -> str:
    """The character of an icon; that of a document for a name that is not here."""
    return ICONS.get(name, ICONS["file-document-outline"])
