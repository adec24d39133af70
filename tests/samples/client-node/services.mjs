// Lists what a server serves, by reflection, each with its health: node services.mjs ADDRESS
import { call, load, plaintext } from './contracts.mjs';

const [address] = process.argv.slice(2);
const { ServerReflection } = load('grpc/reflection/v1/reflection.proto').grpc.reflection.v1;
const { Health } = load('grpc/health/v1/health.proto').grpc.health.v1;

const stream = new ServerReflection(address, plaintext).ServerReflectionInfo();
stream.write({ list_services: '' });
stream.end();
const health = new Health(address, plaintext);
for await (const answer of stream) {
  for (const { name } of answer.list_services_response.service) {
    const { status } = await call(health, 'Check', { service: name });
    console.log(`${name} ${status}`);
  }
}

process.exit(0);
