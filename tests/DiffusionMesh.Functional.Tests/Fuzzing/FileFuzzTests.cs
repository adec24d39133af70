using System.Text;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Inference;
using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.Orchestrator.Storage.RunDirectory;

namespace DiffusionMesh.Functional.Tests.Fuzzing;

/// <summary>Files that a host reads, spoiled: what cannot be used is refused in words, never a crash.</summary>
public sealed class FileFuzzTests
{
    private static int Rounds => FuzzedHost.Rounds * 20;

    [Fact]
    public void Manifest_Spoiled_IsReadOrRefused()
    {
        var manifests = Directory.GetFiles(new ModelsOptions().Path, ManifestReader.FileName, SearchOption.AllDirectories).Select(File.ReadAllBytes).ToArray();
        Assert.NotEmpty(manifests);
        for (var round = 0; round < Rounds; round++)
        {
            var random = new Random(round);
            var spoiled = Spoil(manifests[round % manifests.Length], random);
            try
            {
                ManifestReader.Read(spoiled);
            }
            catch (ModelLoadException)
            {
            }
            catch (Exception error)
            {
                Assert.Fail($"round {round}: {error}");
            }
        }
    }

    [Fact]
    public void JournalLine_Spoiled_IsReadOrNamed()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var random = new Random(round);
            if (Line((JournalEntry)new MessageFuzzer(random).Create(JournalEntry.Descriptor)) is not { } line)
            {
                continue;
            }

            var exception = Record.Exception(() => JournalLines.TryParse(Spoil(line, random), out _));
            Assert.True(exception is null, $"round {round}: {exception}");
        }
    }

    // Times that are none cannot be written, so that no line has them.
    private static byte[]? Line(JournalEntry entry)
    {
        try
        {
            return JournalLines.ToLine(entry);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    // Text keeps more of its form if words change places than if bytes do.
    private static byte[] Spoil(byte[] valid, Random random)
    {
        if (random.Next(2) == 0)
        {
            return WireFuzzer.Spoil(valid, random);
        }

        string[] tokens = ["null", "-1", "1e999", "{}", "[]", "\"\"", "99999999999999999999", "true", "\"../x\"", "{\"a\":{\"a\":{\"a\":1}}}", new string('[', 2000)];
        var text = Encoding.UTF8.GetString(valid);
        var values = System.Text.RegularExpressions.Regex.Matches(text, "(?<=: ?)(\"[^\"]*\"|-?[0-9.]+|true|false|null)");
        if (values.Count == 0)
        {
            return valid;
        }

        var value = values[random.Next(values.Count)];
        return Encoding.UTF8.GetBytes(string.Concat(text.AsSpan(0, value.Index), tokens[random.Next(tokens.Length)], text.AsSpan(value.Index + value.Length)));
    }
}
