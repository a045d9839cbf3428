"""The callback service: everything an assistant decides. No Rasa, no sentence."""
