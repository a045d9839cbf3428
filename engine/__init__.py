"""What the Rasa engine loads from this project besides the trained model."""
