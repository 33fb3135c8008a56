"""`python -m mobile`: the phone app in a window of this machine."""

import sys

from mobile.main import main

if __name__ == "__main__":
    sys.exit(main())
