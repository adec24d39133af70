// Searches for better noise and fetches the best image.
// node search.mjs ADDRESS PROMPT FILE, for example: node search.mjs 127.0.0.1:5100 "a photo of an ankle boot" boot.png
import { writeFileSync } from 'node:fs';
import { call, load, plaintext } from './contracts.mjs';

const [address, prompt, file] = process.argv.slice(2);
const { SearchService } = load('diffusionmesh/search/v1/search.proto').diffusionmesh.search.v1;
const searches = new SearchService(address, plaintext);

const spec = { condition: { prompt }, verifiers: [{ name: 'clip' }], budget_nfe: 80, steps: 10, seed: 7 };
let { search } = await call(searches, 'CreateSearch', { spec });
let events = 0;
for await (const event of searches.WatchSearch({ search_id: search.id })) {
  events++;
  search = event.search_finished ?? search;
}

const image = await call(searches, 'GetSearchImage', { search_id: search.id });
writeFileSync(file, image.png);
console.log(JSON.stringify({
  state: search.state,
  nfe: search.ledger.nfe_search,
  score: search.best[0].search_score,
  pixel_digest: image.pixel_digest,
  events,
}));
searches.close();
