"""The Learn tab: how generative models work, told in pictures drawn from the run that is shown."""
