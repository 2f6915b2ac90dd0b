"""What the field agrees on, as data: ports of images, ports of schemes, words of variables' names.

Every entry has a source outside this project: an image's documentation or Dockerfile, a protocol's registration, a
framework's manual. To teach envfix a new image add a row to `images.IMAGES`; a new connection scheme, a row to
`schemes.SCHEMES`; a framework's public prefix or a word that says who uses a value, a row to a table of `words`.
`names` reads names by them.
"""
