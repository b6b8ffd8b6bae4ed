#!/bin/sh
# Says in one sentence what to do when pip could not install.
case "$(uname -s) $(uname -m)" in
    "Linux aarch64" | "Linux arm"*)
        echo "No ready-made package of the newer SQLite exists for Linux on ARM: install a compiler and the headers of SQLite 3.51.3 or newer, then run make again."
        ;;
    *)
        echo "pip could not install the packages; its reason stands above. Look whether this machine reaches a package index, then run make again."
        ;;
esac
