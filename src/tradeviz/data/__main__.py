"""Write datapackage.json and the codebook from the models: `python -m tradeviz.data [DIR [VERSION]]`."""

import sys

from tradeviz.data.descriptor import write_package
from tradeviz.data.places import data_dir

folder, release = [*sys.argv[1:3], "", ""][:2]
for path in write_package(data_dir(folder or None), release):
    print(f"wrote {path}")
