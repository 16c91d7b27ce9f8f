namespace Actors.Schema;

/// <summary>What is asked with each write must not read a table that grows with them.</summary>
public sealed class IndexTests(SchemaDatabase database) : IClassFixture<SchemaDatabase>
{
    [Fact]
    public async Task whether_a_new_subject_has_its_node_is_found_by_an_index()
    {
        await database.PsqlAsync(
            """
            insert into clients (id) select distinct 'i' || n % 50 from generate_series(1, 5000) n on conflict do nothing;
            insert into graph_nodes (client_id, subject_type, subject_id) select 'i' || n % 50, 'user', n::text from generate_series(1, 5000) n;
            analyze graph_nodes;
            """);

        var plan = await database.PsqlAsync(
            """
            explain select from graph_nodes where subject_type = 'user' and subject_id = '77' and client_id is not distinct from 'i27'
            """);

        Assert.Contains("graph_nodes_by_subject", plan, StringComparison.Ordinal);
    }
}
