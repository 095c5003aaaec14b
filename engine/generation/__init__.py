"""From a melody and a seed to an accompaniment: model files, what they run on, and composing."""
