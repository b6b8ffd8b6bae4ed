"""Django's own commands, for those who change Handsel; operators use `handsel`."""

import os
import sys

if __name__ == "__main__":
    sys.path.insert(0, "src")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handsel.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
