// Loads the contracts at run time: no generated code.
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const protos = fileURLToPath(new URL('../../../protos', import.meta.url));

/** The package that a proto file defines, for example load('diffusionmesh/search/v1/search.proto').diffusionmesh.search.v1. */
export const load = (file) => grpc.loadPackageDefinition(
  loader.loadSync(file, { includeDirs: [protos], keepCase: true, longs: Number, enums: String, oneofs: true, defaults: true }));

/** Calls a unary method. */
export const call = (client, method, request) => new Promise((resolve, reject) =>
  client[method](request, (error, response) => (error ? reject(error) : resolve(response))));

export const plaintext = grpc.credentials.createInsecure();
