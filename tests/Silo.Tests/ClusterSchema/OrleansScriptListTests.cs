using System.Xml.Linq;
using Actors.Migrations;

namespace Actors.ClusterSchema;

public sealed class OrleansScriptListTests
{
    private const string Settings = "# version: 1.2.3\n# ref: abc\n# source: https://example.org/{ref}\n";
    private static readonly string Hash = new('a', 64);

    [Fact]
    public void the_build_carries_the_list_of_the_four_scripts_in_order()
    {
        var list = OrleansScriptList.Load();

        Assert.Equal(
            ["PostgreSQL-Main.sql", "PostgreSQL-Clustering.sql", "PostgreSQL-Persistence.sql", "PostgreSQL-Reminders.sql"],
            list.Scripts.Select(script => script.FileName));
        Assert.All(list.Scripts, script => Assert.Matches("^[0-9a-f]{64}$", script.Sha256));
        Assert.All(list.Scripts, script => Assert.StartsWith("src/AdoNet/", script.Path, StringComparison.Ordinal));
        Assert.Equal(["orleansquery", "orleansmembershiptable", "orleansstorage", "orleansreminderstable"], list.Scripts.Select(script => script.Relation));
        Assert.Matches("^[0-9a-f]{40}$", list.Ref);
        Assert.Equal("https://raw.githubusercontent.com/dotnet/orleans/{ref}", list.Source);
    }

    [Fact]
    public void the_list_is_for_the_version_of_orleans_that_the_cluster_build_takes()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Actors.sln")))
        {
            root = root.Parent ?? throw new InvalidOperationException("The tests do not run in the source tree.");
        }

        var packages = XDocument.Load(Path.Combine(root.FullName, "Directory.Packages.props"));

        Assert.Equal(packages.Descendants("OrleansVersion").Single().Value, OrleansScriptList.Load().OrleansVersion);
    }

    [Fact]
    public void the_list_is_no_migration()
    {
        Assert.DoesNotContain(MigrationScript.LoadFrom(typeof(MigrationRunner).Assembly), script => script.Name.Contains("orleans", StringComparison.Ordinal));
    }

    [Fact]
    public void entries_are_lines_of_sha256sum_after_the_relation_they_create()
    {
        var list = OrleansScriptList.Parse($"# About.\n{Settings}\n# creates: one\n{Hash}  a/One.sql\n# creates: two\r\n{Hash}  Two.sql\r\n");

        Assert.Equal(("1.2.3", "abc", "https://example.org/{ref}"), (list.OrleansVersion, list.Ref, list.Source));
        Assert.Equal([new("a/One.sql", Hash, "one"), new("Two.sql", Hash, "two")], list.Scripts);
    }

    [Theory]
    [InlineData("# version: 1.2.3\n# source: https://example.org\n", "no line '# ref:'")]
    [InlineData(Settings + "# creates: one\nabc  One.sql", "'abc  One.sql' is neither")]
    [InlineData(Settings + "# creates: one\nHASH  ../One.sql", "One.sql' is neither")]
    [InlineData(Settings + "# creates: one\nHASH  /One.sql", "One.sql' is neither")]
    [InlineData(Settings + "# creates: one\nHASH  One.sql\nHASH  Two.sql", "'Two.sql' follows no line '# creates:'")]
    public void a_list_that_cannot_be_read_says_where(string text, string reason)
    {
        var error = Assert.Throws<OrleansScriptException>(() => OrleansScriptList.Parse(text.Replace("HASH", Hash, StringComparison.Ordinal)));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
