"""The constraint blocks of the programme, one file a block."""
