"""Searches for better noise and fetches the best image.

python3 search.py ADDRESS PROMPT FILE, for example: python3 search.py 127.0.0.1:5100 "a photo of an ankle boot" boot.png

Stubs: protoc -I protos --plugin=protoc-gen-grpc_python=$(command -v grpc_python_plugin) --python_out=DIR
  --grpc_python_out=DIR protos/diffusionmesh/*/v1/*.proto, and DIR on PYTHONPATH.
"""

import json
import sys

import grpc
from diffusionmesh.search.v1 import search_pb2 as messages
from diffusionmesh.search.v1 import search_pb2_grpc

address, prompt, file = sys.argv[1:]
with grpc.insecure_channel(address) as channel:
    searches = search_pb2_grpc.SearchServiceStub(channel)
    spec = messages.SearchSpec(budget_nfe=80, steps=10, seed=7)
    spec.condition.prompt = prompt
    spec.verifiers.add(name="clip")
    search = searches.CreateSearch(messages.CreateSearchRequest(spec=spec)).search

    events = 0
    for event in searches.WatchSearch(messages.WatchSearchRequest(search_id=search.id)):
        events += 1
        if event.HasField("search_finished"):
            search = event.search_finished

    image = searches.GetSearchImage(messages.GetSearchImageRequest(search_id=search.id))

with open(file, "wb") as output:
    output.write(image.png)
print(json.dumps({
    "state": messages.SearchState.Name(search.state),
    "nfe": search.ledger.nfe_search,
    "score": search.best[0].search_score,
    "pixel_digest": image.pixel_digest,
    "events": events,
}))
