#!/usr/bin/env bash
# Runs the CUDA path on this machine: that it predicts what the processor predicts, whether rows depend on their
# neighbours, and how many rows a second it evaluates beside PyTorch. Writes the table into docs/performance.md.
#
# Usage: tests/gpu/run.sh [MODEL]        MODEL: a folder under models/, fashion-flow if none is named
#        UPSTREAM_FEED=1 tests/gpu/run.sh   with the published packages instead of the stand-ins
#
# Needs: Linux x64, an NVIDIA GPU whose driver supports CUDA 13, the CUDA 13 libraries and cuDNN 9, the .NET SDK, Node.js
# and Python with torch (a CUDA build), onnx and numpy. The libraries may be those that pip installs with torch.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
model=${1:-fashion-flow}

fail() {
  printf 'tests/gpu/run.sh: %s\n' "$1" >&2
  exit 1
}

[[ -f "$root/models/$model/manifest.json" ]] || fail "there is no model models/$model; name a folder under models/"
[[ "$(uname -s) $(uname -m)" == "Linux x86_64" ]] || fail "needs Linux on x64; this is $(uname -s) on $(uname -m)"
command -v nvidia-smi >/dev/null || fail "there is no NVIDIA driver here (nvidia-smi is missing); run it on a machine with an NVIDIA GPU and CUDA 13"
devices=$(nvidia-smi -L 2>&1) || fail "the NVIDIA driver does not answer: $devices"
[[ $devices == *"GPU 0"* ]] || fail "the NVIDIA driver sees no GPU: $devices"
cuda=$(nvidia-smi | sed -n 's/.*CUDA Version: *\([0-9]*\)\..*/\1/p' | head -n 1)
[[ ${cuda:-0} -ge 13 ]] || fail "the driver supports CUDA ${cuda:-of an unknown version}; install one that supports CUDA 13"
for tool in dotnet node npm python3; do
  command -v "$tool" >/dev/null || fail "$tool is missing; install it"
done
python3 -c 'import numpy, onnx, torch, sys; sys.exit(not torch.cuda.is_available())' \
  || fail "python3 needs numpy, onnx and a torch that sees the GPU: pip install torch onnx numpy"

# What pip installs with torch serves ONNX Runtime too.
pip_libraries=$(python3 - <<'PYTHON'
import pathlib, site, sys
places = {pathlib.Path(p) for p in site.getsitepackages() + [site.getusersitepackages()] + sys.path if p}
print(":".join(sorted({str(lib) for place in places for lib in place.glob("nvidia/*/lib")})))
PYTHON
)
export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$pip_libraries"
for library in libcudart.so.13 libcublas.so.13 libcublasLt.so.13 libcudnn.so.9; do
  python3 -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$library" 2>/dev/null \
    || fail "$library cannot be loaded; install CUDA 13 and cuDNN 9, or add their folder to LD_LIBRARY_PATH"
done

cd "$root"
if [[ ${UPSTREAM_FEED:-} == 1 ]]; then
  feed=-p:UpstreamFeed=true
else
  feed=-p:Cuda=true
fi
dotnet build tests/gpu/DiffusionMesh.Gpu --configuration Release "$feed" --nologo --verbosity quiet

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
dotnet tests/gpu/DiffusionMesh.Gpu/bin/Release/net10.0/DiffusionMesh.Gpu.dll "models/$model" "$results" cuda
python3 tests/gpu/pytorch.py "models/$model" "$results" docs/performance.md cuda
