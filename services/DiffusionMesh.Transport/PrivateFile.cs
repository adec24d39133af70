namespace DiffusionMesh.Transport;

/// <summary>Files that nobody but their owner reads.</summary>
internal static class PrivateFile
{
    /// <summary>Writes it beside its place and moves it there, over what was there.</summary>
    public static void Write(string path, string content)
    {
        var beside = $"{path}.new";
        File.Delete(beside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(beside, options))
        {
            writer.Write(content);
            writer.Write('\n');
        }

        File.Move(beside, path, overwrite: true);
    }
}
