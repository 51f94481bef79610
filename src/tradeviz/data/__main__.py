"""Write datapackage.json and the codebook from the models: `python -m tradeviz.data [DIR]`."""

import sys
from pathlib import Path

from tradeviz.data.descriptor import write_package
from tradeviz.data.places import data_dir

for path in write_package(data_dir(Path(sys.argv[1]) if len(sys.argv) > 1 else None)):
    print(f"wrote {path}")
