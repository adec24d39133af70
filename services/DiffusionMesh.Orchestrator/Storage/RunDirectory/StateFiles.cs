using System.Text;
using DiffusionMesh.Contracts.SearchV1;
using Google.Protobuf;

namespace DiffusionMesh.Orchestrator.Storage.RunDirectory;

/// <summary>The files search.json and state.json.</summary>
internal static class StateFiles
{
    private static readonly JsonFormatter Indented = new(JsonFormatter.Settings.Default.WithIndentation());

    // Of what another version wrote.
    private static readonly JsonParser Tolerant = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    public static byte[] ToJson(SearchHeader header) => Encoding.UTF8.GetBytes(Indented.Format(header) + "\n");

    /// <exception cref="SearchDamagedException">It cannot be read.</exception>
    public static SearchHeader ReadHeader(string folder) => Parse(Path.Combine(folder, "search.json"), Tolerant.Parse<SearchHeader>);

    /// <exception cref="SearchDamagedException">It cannot be read.</exception>
    public static RunState ReadState(string folder) => Parse(Path.Combine(folder, "state.json"), RunState.Parse);

    private static T Parse<T>(string path, Func<string, T> parse)
    {
        try
        {
            return parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidProtocolBufferException or FormatException or System.Text.Json.JsonException)
        {
            throw new SearchDamagedException(
                $"{path} cannot be read ({e.Message.TrimEnd('.')}). Stop the orchestrator and restore the file from a copy, or delete the search's folder to give it up", e);
        }
    }
}
