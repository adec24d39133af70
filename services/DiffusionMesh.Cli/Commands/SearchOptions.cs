using System.CommandLine;
using System.CommandLine.Parsing;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Searching;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Cli.Commands;

/// <summary>The options that say what to search for and how.</summary>
internal sealed class SearchOptions
{
    private const double TenYearsInSeconds = 315_576_000;

    private readonly Argument<string?> _prompt = new("PROMPT")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "What the image should show, in quotation marks. Either this or --class.",
    };

    private readonly Option<int?> _classLabel = NumberOption.Create(
        "--class", "N", 0, int.MaxValue, "Class that the image should show, by its number; 'dmesh models' lists them. Either this or PROMPT.");

    private readonly Option<string?> _negative = Word("--negative", "PROMPT", "What guidance steers away from. Default: no condition.");

    private readonly Option<string?> _model = Word("--model", "NAME", "Model to sample from. Default: the server's.");

    private readonly Option<string?> _algorithm = Word("--algorithm", "NAME", "Search algorithm. Default: random.");

    private readonly Option<string[]> _parameters = Words(
        "--param", "NAME=VALUE", "Parameter of the algorithm; repeat for several. Default: the algorithm's; 'dmesh models' lists them.");

    private readonly Option<long?> _budget = NumberOption.Create(
        "--budget", "NFE", 1, long.MaxValue, "Most denoiser evaluations (NFE) that the search may spend. Default: 64 x steps.");

    private readonly Option<int?> _steps = NumberOption.Create(
        "--steps", "N", 1, int.MaxValue, "Sampling steps of a candidate. Default: the model's.");

    private readonly Option<double?> _guidance = NumberOption.Create(
        "--guidance", "W", double.MinValue, double.MaxValue, "Weight of classifier-free guidance; 1 is none. Default: the model's.");

    private readonly Option<string?> _sampler = Word("--sampler", "NAME", "Sampler. Default: the model's.");

    private readonly Option<string?> _priority = new Option<string?>("--priority")
    {
        HelpName = "high|normal|low",
        Description = "Where the search stands among others that share the denoisers. Default: normal.",
    }.AcceptOnlyFromAmong("high", "normal", "low");

    private readonly Option<string?> _onOtherClass = new Option<string?>("--on-other-compute-class")
    {
        HelpName = "refuse|record",
        Description = "A denoiser whose arithmetic is not that of the first is left out (refuse), or used and named in the result (record). Default: refuse.",
    }.AcceptOnlyFromAmong("refuse", "record");

    private readonly SamplingFlags _sampling = new();

    private readonly VerifierOptions _verifiers = new();

    private readonly Option<int?> _kBest = NumberOption.Create(
        "--k-best", "K", 1, int.MaxValue, "How many of the best images to keep, as best.png, best-2.png, ... Default: 1.");

    private readonly Option<double?> _targetScore = NumberOption.Create(
        "--target-score", "S", double.MinValue, double.MaxValue, "Stop after the round in which the score reaches S. Default: no target.");

    private readonly Option<double?> _maxSeconds = NumberOption.Create(
        "--max-seconds", "S", 0.001, TenYearsInSeconds, "Begin no round later than S seconds after the start. Default: no limit.");

    private readonly Option<int?> _finalSteps = NumberOption.Create(
        "--final-steps", "N", 0, int.MaxValue, "Sample the winner once more with so many steps; 0 uses it as it is. Default: 0.");

    public void AddTo(Command command)
    {
        command.Add(_prompt);
        foreach (Option option in (Option[])[_classLabel, _negative, _model, _algorithm, _parameters, _budget, _steps, _guidance, _sampler, _kBest, _targetScore, _maxSeconds, _finalSteps, _priority, _onOtherClass])
        {
            command.Add(option);
        }

        _sampling.AddTo(command);
        _verifiers.AddTo(command);
        command.Validators.Add(RequireCondition);
    }

    public SearchArguments Read(ParseResult parse, ulong seed) => _verifiers.Read(parse, _sampling.Read(parse, new SearchArguments
    {
        Prompt = parse.GetValue(_prompt),
        ClassLabel = parse.GetValue(_classLabel),
        Negative = parse.GetValue(_negative),
        Model = parse.GetValue(_model) ?? "",
        Algorithm = parse.GetValue(_algorithm) ?? "random",
        Parameters = ParameterWords.Read(parse.GetValue(_parameters) ?? []),
        Seed = seed,
        Budget = parse.GetValue(_budget),
        Steps = parse.GetValue(_steps),
        Guidance = parse.GetValue(_guidance),
        Sampler = parse.GetValue(_sampler) ?? "",
        KBest = parse.GetValue(_kBest) ?? 1,
        TargetScore = parse.GetValue(_targetScore),
        MaxSeconds = parse.GetValue(_maxSeconds),
        FinalSteps = parse.GetValue(_finalSteps) ?? 0,
        Priority = parse.GetValue(_priority) is { } lane ? Enum.Parse<Priority>(lane, ignoreCase: true) : default,
        OnOtherComputeClass = parse.GetValue(_onOtherClass) is { } policy ? Enum.Parse<ComputeClassPolicy>(policy, ignoreCase: true) : default,
    }));

    private void RequireCondition(CommandResult result)
    {
        var hasPrompt = result.GetResult(_prompt) is { Tokens.Count: > 0 };
        if (hasPrompt == result.GetResult(_classLabel) is not null)
        {
            result.AddError(hasPrompt ? "give a PROMPT or --class, not both" : "say what to search for: a PROMPT in quotation marks, or --class N");
        }
        else if (hasPrompt && string.IsNullOrWhiteSpace(result.GetResult(_prompt)!.Tokens[0].Value))
        {
            result.AddError("the PROMPT is empty: say what the image should show, for example \"a photo of an ankle boot\"");
        }
    }

    private static Option<string?> Word(string name, string helpName, string description)
    {
        var option = new Option<string?>(name) { HelpName = helpName, Description = description };
        option.Validators.Add(RefuseEmpty);
        return option;
    }

    private static Option<string[]> Words(string name, string helpName, string description)
    {
        var option = new Option<string[]>(name) { HelpName = helpName, Description = description };
        option.Validators.Add(RefuseEmpty);
        return option;
    }

    private static void RefuseEmpty(OptionResult result)
    {
        if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
        {
            result.AddError("must not be empty");
        }
    }
}
