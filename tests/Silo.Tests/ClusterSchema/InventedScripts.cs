using System.Security.Cryptography;
using System.Text;

namespace Actors.ClusterSchema;

/// <summary>Scripts of the kind Orleans has: they can run only once, and the later ones build on the first.</summary>
internal sealed class InventedScripts : OrleansScriptSource
{
    private readonly Dictionary<string, byte[]> _contents = [];
    private readonly List<OrleansScript> _listed = [];

    /// <summary>How many scripts were read.</summary>
    public int Reads { get; private set; }

    public OrleansScriptList List => new("1.2.3", "0123abc", "http://127.0.0.1/{ref}", _listed);

    public static InventedScripts Three() => new InventedScripts()
        .With("shared/Main.sql", "queries", "CREATE TABLE Queries (a int);")
        .With("clustering/Members.sql", "members", "CREATE TABLE Members (a int); INSERT INTO Queries VALUES (1);")
        .With("storage/Storage.sql", "storage", "CREATE TABLE Storage (a int); INSERT INTO Queries VALUES (2);");

    /// <summary>Adds a script, or changes the one of this path together with its hash.</summary>
    public InventedScripts With(string path, string relation, string sql)
    {
        var content = _contents[path] = Encoding.UTF8.GetBytes(sql);
        var script = new OrleansScript(path, Convert.ToHexStringLower(SHA256.HashData(content)), relation);
        if (_listed.FindIndex(listed => listed.Path == path) is >= 0 and var position)
        {
            _listed[position] = script;
        }
        else
        {
            _listed.Add(script);
        }

        return this;
    }

    /// <summary>Something else lies at this path than the list names.</summary>
    public InventedScripts WithOther(string path, string sql)
    {
        _contents[path] = Encoding.UTF8.GetBytes(sql);
        return this;
    }

    public byte[] Content(string path) => _contents[path];

    protected override Task<(byte[] Content, string Origin)> FindAsync(OrleansScript script, CancellationToken cancellationToken)
    {
        Reads++;
        return Task.FromResult((_contents[script.Path], script.Path));
    }
}
