using System.Reflection;

namespace Actors.Migrations;

public sealed class MigrationScriptTests
{
    private static readonly Assembly Silo = typeof(MigrationRunner).Assembly;

    [Fact]
    public void the_build_carries_its_migrations_in_order()
    {
        var scripts = MigrationScript.LoadFrom(Silo);

        Assert.Equal(Enumerable.Range(1, scripts.Count), scripts.Select(script => script.Number));
        Assert.Equal(["001_base.sql", "002_access.sql", "003_facts_temporal.sql", "004_history.sql"], scripts.Take(4).Select(script => script.Name));
    }

    [Fact]
    public void each_migration_starts_by_saying_what_it_is_and_what_it_locks()
    {
        Assert.All(MigrationScript.LoadFrom(Silo), script =>
        {
            var comment = script.Sql.Split('\n').TakeWhile(line => line.StartsWith("--", StringComparison.Ordinal)).ToArray();
            Assert.True(comment.Length >= 2, $"{script.Name} has no opening comment.");
            Assert.Contains(comment, line => line.StartsWith("-- Lock cost:", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void a_gap_in_the_numbers_is_an_error_that_names_the_missing_one()
    {
        var error = Assert.Throws<MigrationNumberingException>(() => MigrationScript.InOrder([Script("001_a.sql"), Script("003_c.sql")]));

        Assert.Contains("number 2 is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void two_files_of_one_number_are_an_error_that_names_both()
    {
        var error = Assert.Throws<MigrationNumberingException>(() => MigrationScript.InOrder([Script("001_b.sql"), Script("001_a.sql")]));

        Assert.Contains("001_a.sql and 001_b.sql", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1_a.sql")]
    [InlineData("001-a.sql")]
    [InlineData("001_a.txt")]
    public void a_file_of_another_name_is_an_error(string name)
    {
        Assert.Throws<MigrationNumberingException>(() => Script(name));
    }

    [Fact]
    public void line_ends_do_not_change_the_checksum_but_a_blank_does()
    {
        var script = MigrationScript.Create("001_a.sql", "select 1;\nselect 2;\n");

        Assert.Equal(script.Checksum, MigrationScript.Create("001_a.sql", "select 1;\r\nselect 2;\r\n").Checksum);
        Assert.NotEqual(script.Checksum, MigrationScript.Create("001_a.sql", "select 1;\nselect  2;\n").Checksum);
    }

    private static MigrationScript Script(string name) => MigrationScript.Create(name, "select 1");
}
