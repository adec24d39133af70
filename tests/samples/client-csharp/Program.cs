using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.TensorV1;
using Grpc.Core;
using Grpc.Net.Client;

using var channel = GrpcChannel.ForAddress(args.ElementAtOrDefault(0) ?? "http://127.0.0.1:5100");
var client = new SearchService.SearchServiceClient(channel);
var spec = new SearchSpec { BudgetNfe = 320, Condition = new Condition { Prompt = "a photo of an ankle boot" } };
spec.Verifiers.Add(new VerifierSelection { Name = "clip" });
var search = (await client.CreateSearchAsync(new CreateSearchRequest { Spec = spec })).Search;
await foreach (var step in client.WatchSearch(new WatchSearchRequest { SearchId = search.Id }).ResponseStream.ReadAllAsync())
{
    Console.WriteLine($"{step.Progress.CandidatesDone} candidates, {step.Progress.NfeSpent} NFE, best {step.Progress.BestScore:F4}");
}

var image = await client.GetSearchImageAsync(new GetSearchImageRequest { SearchId = search.Id });
await File.WriteAllBytesAsync(args.ElementAtOrDefault(1) ?? "best.png", image.Png.ToByteArray());
