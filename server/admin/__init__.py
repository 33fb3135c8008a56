"""Administration: accounts, audit trail, catalogue of technologies and varieties."""
