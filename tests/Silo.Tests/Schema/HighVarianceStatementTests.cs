namespace Actors.Schema;

/// <summary>The requirement's example of a run that took longer than estimated, in psql.</summary>
public sealed class HighVarianceStatementTests(SchemaDatabase database) : IClassFixture<SchemaDatabase>
{
    [Fact]
    public async Task a_completed_run_of_3_5_actual_and_2_6_estimated_hours_has_34_6_percent_and_is_listed_first()
    {
        await database.PsqlAsync(
            """
            INSERT INTO execution_runs (run_identifier, status, estimated_hours, actual_hours)
            VALUES ('steady', 'completed', 4, 4.2), ('off', 'completed', 2.6, 3.5), ('short', 'completed', 2, 1);
            INSERT INTO execution_runs (run_identifier, status, estimated_hours, actual_hours) VALUES ('under way', 'running', 1, 9)
            """);

        var rows = (await database.PsqlAsync("SELECT * FROM execution_runs WHERE status = 'completed' ORDER BY variance_pct DESC")).Split('\n');

        Assert.Equal(["off", "steady", "short"], rows.Select(row => row.Split('|')[2]));
        Assert.Equal("34.6", await database.PsqlAsync("SELECT round(variance_pct, 1) FROM execution_runs WHERE run_identifier = 'off'"));
    }
}
