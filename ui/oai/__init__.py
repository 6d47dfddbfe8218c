"""The catalogue as an OAI-PMH 2.0 repository: the door through which data.europa.eu and libraries harvest."""
