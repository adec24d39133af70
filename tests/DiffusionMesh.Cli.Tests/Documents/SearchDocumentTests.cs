using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Cli.Tests.Documents;

public sealed class SearchDocumentTests
{
    [Fact]
    public void Json_OfASearch_HasTheDocumentedLayout()
    {
        var json = ToJson(SampleSearch.Create());

        Assert.Equal("5f3c", (string?)json["search"]!["id"]);
        Assert.Equal("succeeded", (string?)json["search"]!["state"]);
        Assert.Equal("budget_spent", (string?)json["search"]!["stop_reason"]);
        Assert.Equal("""{"prompt":"a photo of an ankle boot"}""", json["search"]!["spec"]!["condition"]!.ToJsonString());
        Assert.Equal(1280, (long?)json["search"]!["spec"]!["budget_nfe"]);
        Assert.Equal("best.png", (string?)json["best"]!["image"]);
        Assert.Equal((double?)json["best"]!["search_score"], (double?)json["best"]!["score"]);
        Assert.Equal("""{"search":1280,"final":0,"wasted":0,"total":1280}""", json["ledger"]!["nfe"]!.ToJsonString());
        Assert.Equal("""{"clip":64}""", json["ledger"]!["verifier_calls"]!.ToJsonString());
        Assert.Equal("""{"draw":{"seed":0,"lineage":[0,3]},"rotations":[]}""", json["candidates"]![3]!["noise"]!.ToJsonString());
        Assert.Equal(1280, json["candidates"]!.AsArray().Sum(candidate => (long)candidate!["nfe"]!));
    }

    [Fact]
    public void Json_OfAMissingScore_IsNullWithItsReason()
    {
        var search = SampleSearch.Create(2);
        search.Candidates[1].Scores[0] = new VerifierScore { Verifier = "clip", Error = "not a number" };
        search.Candidates[1].State = CandidateState.Unscored;

        var candidate = ToJson(search)["candidates"]![1]!;

        Assert.Equal("""{"clip":null}""", candidate["scores"]!.ToJsonString());
        Assert.Equal("not a number", (string?)candidate["score_errors"]!["clip"]);
        Assert.Equal("unscored", (string?)candidate["state"]);
    }

    [Fact]
    public void Json_OfSeveralVerifiers_HasNoSingleScore()
    {
        var json = ToJson(SampleSearch.Create(2, "a bag", "clip", "other"));

        Assert.Null(json["best"]!["score"]);
        Assert.Equal(2, json["best"]!["scores"]!.AsObject().Count);
    }

    [Fact]
    public void Json_OfARotatedNoise_NamesEveryRotation()
    {
        var search = SampleSearch.Create(1);
        search.Candidates[0].Noise.Rotations.Add(new Rotation { Toward = new NoiseAddress { Seed = ulong.MaxValue, Lineage = { 7 } }, Cosine = 0.95 });

        var noise = ToJson(search)["candidates"]![0]!["noise"]!;

        Assert.Equal("""[{"toward":{"seed":18446744073709551615,"lineage":[7]},"cosine":0.95}]""", noise["rotations"]!.ToJsonString());
    }

    [Fact]
    public void Json_OfNothingScored_HasNoBest()
    {
        Assert.Null(ToJson(SampleSearch.Create(0))["best"]);
    }

    [Fact]
    public void Json_OfAForeignPrompt_StaysLegible()
    {
        var text = Serialize(SampleSearch.Create(1, "Schnürschuh, 'schwarz'"));

        Assert.Contains("\"prompt\": \"Schnürschuh, 'schwarz'\"", text, StringComparison.Ordinal);
    }

    private static JsonNode ToJson(SearchMessage search) => JsonNode.Parse(Serialize(search))!;

    private static string Serialize(SearchMessage search) =>
        JsonSerializer.Serialize(search.ToDocument(SampleSearch.Mesh()), DocumentJson.Legible.SearchDocument);
}
