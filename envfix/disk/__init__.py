"""How do bytes get to disk, and back, with nothing lost?"""
