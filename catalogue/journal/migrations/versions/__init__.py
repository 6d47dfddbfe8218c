"""One file per migration, named r<number>_<topic>.py; never edited once released."""
