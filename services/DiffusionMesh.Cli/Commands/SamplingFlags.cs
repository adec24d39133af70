using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Searching;

namespace DiffusionMesh.Cli.Commands;

/// <summary>The options that say how paths are followed, beside sampler, steps and guidance.</summary>
internal sealed class SamplingFlags
{
    private readonly Option<double?> _eta = NumberOption.Create(
        "--eta", "E", 0.0, 1.0, "How much fresh noise a step draws, from 0 (none) to 1. Default: the sampler's; only for samplers that draw.");

    private readonly Option<string?> _schedule = new("--schedule")
    {
        HelpName = "NAME",
        Description = "Where the sampler stops on its way, such as karras or log-snr. Default: the model's.",
    };

    private readonly Option<double?> _resolutionShift = NumberOption.Create(
        "--resolution-shift", "M", 0.01, 100, "Multiplies the schedule's noise-to-signal ratios: the side of the image over the trained one. Default: 1.");

    private readonly Option<double?> _guidanceRescale = NumberOption.Create(
        "--guidance-rescale", "PHI", 0.0, 1.0, "How far guidance is brought back to the contrast of the unguided prediction. Default: 0.");

    private readonly Option<(double From, double To)?> _guidanceInterval = new("--guidance-interval")
    {
        HelpName = "FROM,TO",
        Description = "Noise levels between which guidance acts, such as 0.8,0.2; a step outside costs one network row. Default: 1,0.",
        CustomParser = ReadInterval,
    };

    private readonly Option<ulong?> _torchSeed = NumberOption.Create(
        "--torch-seed", "N", ulong.MinValue, ulong.MaxValue, "Start the first candidate from the normals of torch.manual_seed(N) on a CPU. Default: a draw of --seed.");

    public void AddTo(Command command)
    {
        _schedule.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
            {
                result.AddError("must not be empty");
            }
        });
        foreach (Option option in (Option[])[_eta, _schedule, _resolutionShift, _guidanceRescale, _guidanceInterval, _torchSeed])
        {
            command.Add(option);
        }
    }

    public SearchArguments Read(ParseResult parse, SearchArguments arguments) => arguments with
    {
        TorchSeed = parse.GetValue(_torchSeed),
        Sampling = new SamplingArguments
        {
            Eta = parse.GetValue(_eta),
            Schedule = parse.GetValue(_schedule) ?? "",
            ResolutionShift = parse.GetValue(_resolutionShift),
            GuidanceRescale = parse.GetValue(_guidanceRescale),
            GuidanceInterval = parse.GetValue(_guidanceInterval),
        },
    };

    private static (double From, double To)? ReadInterval(ArgumentResult result)
    {
        var word = result.Tokens.Single().Value;
        if (word.Split(',') is [var first, var second]
            && double.TryParse(first, NumberStyles.Float, CultureInfo.InvariantCulture, out var from)
            && double.TryParse(second, NumberStyles.Float, CultureInfo.InvariantCulture, out var to)
            && from is >= 0 and <= 1
            && to >= 0
            && to <= from)
        {
            return (from, to);
        }

        result.AddError($"must be two noise levels from 1 (noise) to 0 (data), the noisier first, such as 0.8,0.2, not '{word}'");
        return null;
    }
}
