using System.Text.Json;
using DiffusionMesh.Cli.CommandLine;

namespace DiffusionMesh.Cli.Experiments.Storage;

/// <summary>
/// The finished runs of a folder: a line each in <c>runs.jsonl</c>, the pixels in <c>images.bin</c>. Pixels are written
/// before the line that points to them, so that a line that is whole is true; what a crash left torn is cut off.
/// </summary>
internal sealed class RunStore : IDisposable
{
    public const string RunsFile = "runs.jsonl";
    public const string ImagesFile = "images.bin";

    private readonly FileStream _runs;
    private readonly FileStream _images;
    private readonly Dictionary<string, StoredRun> _byKey = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    private RunStore(FileStream runs, FileStream images) => (_runs, _images) = (runs, images);

    /// <summary>Opens the store of a folder, which is made if it is not there.</summary>
    /// <exception cref="CommandFailure">Another process has it open, or it is damaged.</exception>
    public static RunStore Open(string folder)
    {
        Directory.CreateDirectory(folder);
        FileStream? runs = null;
        FileStream? images = null;
        try
        {
            // The pixels are for this process alone, which keeps a second one out; the lines may be looked at meanwhile.
            runs = OpenFile(Path.Combine(folder, RunsFile), FileShare.Read);
            images = OpenFile(Path.Combine(folder, ImagesFile), FileShare.None);
            var store = new RunStore(runs, images);
            store.Read();
            return store;
        }
        catch (CommandFailure)
        {
            runs?.Dispose();
            images?.Dispose();
            throw;
        }
        catch (IOException error)
        {
            runs?.Dispose();
            images?.Dispose();
            throw new CommandFailure(ExitCode.Failed, $"cannot use the folder '{folder}': {error.Message}")
            {
                Remedy = "Is another 'dmesh experiment' running there? Wait for it, or choose another folder with --out DIR.",
            };
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _byKey.Count;
            }
        }
    }

    public StoredRun? Find(string key)
    {
        lock (_gate)
        {
            return _byKey.GetValueOrDefault(key);
        }
    }

    /// <summary>Adds a run.</summary>
    /// <param name="run">Without the places of images.</param>
    /// <param name="images">Pixels by identifier of the candidate.</param>
    public void Add(StoredRun run, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> images)
    {
        lock (_gate)
        {
            if (_byKey.ContainsKey(run.Key))
            {
                return;
            }

            var placed = run with { Candidates = [.. run.Candidates.Select(candidate => candidate with { Image = Write(images, candidate.Id) })] };
            _images.Flush();
            _runs.Write([.. JsonSerializer.SerializeToUtf8Bytes(placed, StoreJson.Lines.StoredRun), (byte)'\n']);
            _runs.Flush();
            _byKey.Add(run.Key, placed);
        }
    }

    /// <summary>The pixels of a candidate, [H, W, C].</summary>
    public byte[]? Pixels(StoredRun run, StoredCandidate candidate)
    {
        if (candidate.Image is not { } place)
        {
            return null;
        }

        var pixels = new byte[Length(run)];
        RandomAccess.Read(_images.SafeFileHandle, pixels, place);
        return pixels;
    }

    public void Dispose()
    {
        _runs.Dispose();
        _images.Dispose();
    }

    // A crash tears the last line alone. Anything else is damage, and no reason to throw away the runs behind it.
    private static void RequireTorn(ReadOnlySpan<byte> rest, int line)
    {
        var newline = rest.IndexOf((byte)'\n');
        if (newline >= 0 && newline < rest.Length - 1)
        {
            throw new CommandFailure(ExitCode.Failed, $"line {line} of {RunsFile} is damaged, or {ImagesFile} lacks its pixels; nothing was changed")
            {
                Remedy = $"Take the line out, or restore the files; to run everything afresh choose another folder with --out DIR.",
            };
        }
    }

    private static FileStream OpenFile(string path, FileShare share) => new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share);

    private static long Length(StoredRun run) => run.ImageShape.Aggregate(1L, (product, size) => product * size);

    private long? Write(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> images, string candidate)
    {
        if (!images.TryGetValue(candidate, out var pixels))
        {
            return null;
        }

        var place = _images.Position;
        _images.Write(pixels.Span);
        return place;
    }

    private void Read()
    {
        var bytes = new byte[_runs.Length];
        _runs.ReadExactly(bytes);
        var (good, end, line) = (0, 0L, 1);
        for (var newline = Next(0); newline >= 0; newline = Next(good))
        {
            if (Parse(bytes.AsSpan(good..newline)) is not { } run || End(run) > _images.Length)
            {
                break;
            }

            _byKey[run.Key] = run;
            (good, end, line) = (newline + 1, Math.Max(end, End(run)), line + 1);
        }

        RequireTorn(bytes.AsSpan(good..), line);
        _runs.SetLength(good);
        _runs.Position = good;
        _images.SetLength(end);
        _images.Position = end;

        int Next(int from) => Array.IndexOf(bytes, (byte)'\n', from);
    }

    private static long End(StoredRun run) => run.Candidates.Max(candidate => candidate.Image + Length(run)) ?? 0;

    private static StoredRun? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, StoreJson.Lines.StoredRun);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
