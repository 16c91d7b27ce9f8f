using Actors.Migrations;
using Actors.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.Schema;

/// <summary>What a migration makes of the prompts that are there.</summary>
public class PromptVersionTests
{
    [Fact]
    public async Task of_several_active_versions_of_a_prompt_the_highest_stays_active()
    {
        await using var database = await TestPostgres.CreateAsync(migrate: false);
        var scripts = MigrationScript.LoadFrom(typeof(MigrationScript).Assembly);
        await ApplyAsync(database, [.. scripts.TakeWhile(script => script.Name != "015_prompt_templates.sql")]);
        await database.PsqlAsync(
            """
            insert into prompt_templates (name, template, version, active)
            values ('a', 'x', 1, true), ('a', 'x', 9, true), ('a', 'x', 10, true), ('a', 'x', 11, false), ('b', 'x', 2, true), ('c', 'x', 1, false)
            """);

        await ApplyAsync(database, scripts);

        Assert.Equal("a10 b2", await database.PsqlAsync("select string_agg(name || version, ' ' order by name, version) from prompt_templates where active and name in ('a', 'b', 'c')"));
    }

    private static Task ApplyAsync(TestDatabase database, IReadOnlyList<MigrationScript> scripts) =>
        new MigrationRunner(database.DataSource, NullLogger<MigrationRunner>.Instance, scripts).ApplyAsync(TestContext.Current.CancellationToken);
}
