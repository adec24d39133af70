using System.Text.RegularExpressions;
using DiffusionMesh.Diffusion.Forms;
using DiffusionMesh.Diffusion.Predictions;
using DiffusionMesh.Diffusion.Samplers;
using DiffusionMesh.Diffusion.Schedules;

namespace DiffusionMesh.Diffusion.Tests;

/// <summary>docs/sampling.md names all that can be chosen, and nothing else, with the NFE that samplers state.</summary>
public partial class SamplingDocumentTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "sampling.md"));

    [Fact]
    public void Document_Forms_AreTheKnownOnes() => Assert.Equal(Form.All.Names, Names("Forms"));

    [Fact]
    public void Document_Predictions_AreTheKnownOnes() => Assert.Equal(Prediction.All.Names, Names("Predictions"));

    [Fact]
    public void Document_Schedules_AreTheKnownOnes() => Assert.Equal(Schedule.All.Names, Names("Schedules"));

    [Fact]
    public void Document_Samplers_AreTheKnownOnes() => Assert.Equal(Sampler.All.Names, Names("Samplers"));

    [Fact]
    public void Document_NfeOfSamplers_AreWhatTheyState()
    {
        const int Steps = 7;
        var rows = SamplerRow().Matches(Section("Samplers"));

        Assert.Equal(Sampler.All.Names.Count, rows.Count);
        foreach (Match row in rows)
        {
            var nfe = row.Groups["nfe"].Value == "n" ? Steps : (2 * Steps) - 1;
            var sampler = Sampler.All[row.Groups["name"].Value];

            Assert.Equal(nfe, sampler.Nfe(Steps, endsAtData: true));
            Assert.Equal(row.Groups["draws"].Value != "no", sampler.DefaultEta is not null);
        }
    }

    // First cells of tables.
    private static IEnumerable<string> Names(string section) => FirstCell().Matches(Section(section))
        .SelectMany(cell => cell.Groups["name"].Captures)
        .Select(name => name.Value)
        .Order(StringComparer.Ordinal);

    private static string Section(string title) => Document.Split("\n## ").Single(section => section.StartsWith(title, StringComparison.Ordinal));

    [GeneratedRegex(@"^\|(?: `(?<name>[^`]+)`,?)+ \|", RegexOptions.Multiline)]
    private static partial Regex FirstCell();

    [GeneratedRegex(@"^\| `(?<name>[^`]+)` \| (?<nfe>n|2n - 1) \| (?<draws>[^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex SamplerRow();
}
