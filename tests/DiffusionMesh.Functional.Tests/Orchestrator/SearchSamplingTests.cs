using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Diffusion.Samplers;
using SamplingOptions = DiffusionMesh.Contracts.DenoiserV1.SamplingOptions;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>Samplers and their options from a search's specification to the denoiser.</summary>
[Collection("denoiser")]
public sealed class SearchSamplingTests(RealMesh real) : IClassFixture<RealMesh>
{
    public static TheoryData<string> Samplers => new(Sampler.All.Names);

    [Theory]
    [MemberData(nameof(Samplers))]
    public async Task Search_AnySampler_CostsWhatItSays(string sampler)
    {
        var spec = RealMesh.Spec();
        spec.Sampler = sampler;
        var nfe = Sampler.All[sampler].Nfe(3, endsAtData: true);

        var search = await real.Mesh.RunAsync(spec);

        Assert.Equal((SearchState.Succeeded, ""), (search.State, search.Error));
        Assert.All(search.Candidates, candidate => Assert.Equal(nfe, candidate.Nfe));
        Assert.Equal(36 / nfe, search.Candidates.Count);
        Assert.Equal(Sampler.All[sampler].DefaultEta, search.Spec.Sampling.HasEta ? search.Spec.Sampling.Eta : null);
    }

    [Fact]
    public async Task Search_NothingNamed_FillsInTheDefaults()
    {
        var search = await real.Mesh.RunAsync(RealMesh.Spec());

        Assert.Equal(
            new SamplingOptions { Schedule = "uniform", ResolutionShift = 1, GuidanceRescale = 0, GuidanceFromNoiseLevel = 1, GuidanceToNoiseLevel = 0 },
            search.Spec.Sampling);
        Assert.False(search.Spec.HasTorchSeed);
    }

    [Fact]
    public async Task Search_Options_ChangeTheImagesAndCountTheirRows()
    {
        var spec = RealMesh.Spec();
        spec.Guidance = 2;
        var plain = await real.Mesh.RunAsync(spec);
        var images = new HashSet<string> { plain.Candidates[0].PixelDigest };
        foreach (var options in new SamplingOptions[]
        {
            new() { Schedule = "karras" }, new() { ResolutionShift = 3 }, new() { GuidanceRescale = 1 }, new() { GuidanceFromNoiseLevel = .7 },
        })
        {
            spec.Sampling = options;
            var search = await real.Mesh.RunAsync(spec);

            Assert.True(images.Add(search.Candidates[0].PixelDigest), $"{options}");

            // Steps begin at 1, 2/3 and 1/3: the first is outside of the interval.
            Assert.Equal(options.HasGuidanceFromNoiseLevel ? 5 * 12 : 6 * 12, search.Ledger.NetworkRows);
        }
    }

    [Fact]
    public async Task Search_TorchSeed_StartsTheFirstCandidateFromIt()
    {
        var spec = RealMesh.Spec();
        var own = await real.Mesh.RunAsync(spec);
        spec.TorchSeed = 42;

        var search = await real.Mesh.RunAsync(spec);

        Assert.Equal(42UL, search.Spec.TorchSeed);
        Assert.Equal(new NoiseAddress { Seed = 42, Generator = NoiseGenerator.TorchCpu }, search.Candidates[0].Noise.Draw);
        Assert.NotEqual(own.Candidates[0].PixelDigest, search.Candidates[0].PixelDigest);
        Assert.Equal(own.Candidates.Skip(1), search.Candidates.Skip(1));
    }
}
