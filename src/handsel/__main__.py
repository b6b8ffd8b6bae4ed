"""`python -m handsel` is `handsel`."""

from handsel.cli.main import main

if __name__ == "__main__":
    main()
