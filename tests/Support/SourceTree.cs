namespace Actors.Support;

/// <summary>The source tree the tests were built from: the nearest folder above theirs that holds Actors.sln.</summary>
public static class SourceTree
{
    public static string Root { get; } = Find();

    /// <param name="name">Path of a file below the root, with slashes.</param>
    public static string PathOf(string name) => Path.Combine(Root, name);

    public static string Read(string name) => File.ReadAllText(PathOf(name));

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Actors.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Actors.sln.");
    }
}
