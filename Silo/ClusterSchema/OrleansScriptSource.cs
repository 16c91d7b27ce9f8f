namespace Actors.ClusterSchema;

/// <summary>Where Orleans' scripts come from.</summary>
internal abstract class OrleansScriptSource
{
    /// <summary>The texts of <paramref name="scripts"/>, every one of them checked before the first is returned.</summary>
    /// <exception cref="OrleansScriptException">One cannot be had, or is not what the list names.</exception>
    public async Task<IReadOnlyDictionary<OrleansScript, string>> ReadAsync(IEnumerable<OrleansScript> scripts, CancellationToken cancellationToken)
    {
        var texts = new Dictionary<OrleansScript, string>();
        foreach (var script in scripts)
        {
            var (content, origin) = await FindAsync(script, cancellationToken);
            texts.Add(script, script.Read(content, origin));
        }

        return texts;
    }

    /// <summary>The bytes of the script, unchecked, and where they were found.</summary>
    /// <exception cref="OrleansScriptException">It cannot be had.</exception>
    protected abstract Task<(byte[] Content, string Origin)> FindAsync(OrleansScript script, CancellationToken cancellationToken);
}

/// <summary>A folder with the scripts, each at its path in Orleans' repository or directly in the folder.</summary>
internal sealed class OrleansScriptFolder(string folder) : OrleansScriptSource
{
    protected override async Task<(byte[] Content, string Origin)> FindAsync(OrleansScript script, CancellationToken cancellationToken)
    {
        string[] places = [Path.Combine(folder, script.Path), Path.Combine(folder, script.FileName)];
        var place = places.FirstOrDefault(File.Exists)
            ?? throw new OrleansScriptException($"{script.FileName} is missing: neither {places[0]} nor {places[1]} exists. Nothing was applied.");
        try
        {
            return (await File.ReadAllBytesAsync(place, cancellationToken), place);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OrleansScriptException($"{place} cannot be read: {failure.Message} Nothing was applied.", failure);
        }
    }
}
