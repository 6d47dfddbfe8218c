"""The command line `gdi-catalogue`: one file per family of verbs, loaded when used."""
