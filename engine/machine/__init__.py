"""This machine as adapters: its clock, dice and processes, the stop a person asks for, the crash that is rehearsed."""
