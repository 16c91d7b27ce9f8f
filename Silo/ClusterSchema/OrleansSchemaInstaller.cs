using System.Diagnostics;
using Actors.Migrations;
using Actors.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Actors.ClusterSchema;

/// <summary>
/// Gives a database the tables which Orleans itself needs for membership, grain state and reminders. The scripts are Orleans' own
/// and can run only once: what ran is kept in <c>orleans_scripts</c>.
/// </summary>
internal sealed partial class OrleansSchemaInstaller(
    NpgsqlDataSource dataSource, ILogger<OrleansSchemaInstaller> logger, OrleansScriptList list, OrleansScriptSource source)
{
    /// <summary>
    /// Applies what is missing, in the order of the list, each script in one transaction. All scripts that will run are read and
    /// checked before the first one does; when none is missing, none is read. A script that is not on record, but whose relation
    /// exists, is adopted: it is taken to have run as a whole. Installers that start together take turns under an advisory lock.
    /// </summary>
    /// <returns>What became of each script of the list, in its order.</returns>
    /// <exception cref="OrleansScriptException">
    /// A script cannot be had or is another one, or the database has another version's: nothing was applied. Or one failed: those
    /// before it stay.
    /// </exception>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached, or the connection was lost; a later call goes on where this one ended.</exception>
    public Task<IReadOnlyList<OrleansScriptResult>> ApplyAsync(CancellationToken cancellationToken) =>
        SchemaTurn.RunAsync(dataSource, SchemaLock.OrleansScripts, connection => ApplyUnderLockAsync(connection, cancellationToken), cancellationToken);

    private async Task<IReadOnlyList<OrleansScriptResult>> ApplyUnderLockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var doing = "The record of Orleans' scripts cannot be kept";
        try
        {
            var table = new OrleansScriptTable(connection);
            var states = await table.ReadAsync(list.Scripts, cancellationToken);
            OrleansScriptResult[] plan = [.. states.Select(state => new OrleansScriptResult(state.Script, Decide(state)))];
            var texts = await source.ReadAsync(plan.Where(step => step.Outcome == OrleansScriptOutcome.Applied).Select(step => step.Script), cancellationToken);
            foreach (var (script, outcome) in plan)
            {
                doing = $"{script.FileName} failed and was rolled back";
                await DoAsync(table, script, outcome, texts, cancellationToken);
            }

            return plan;
        }
        catch (PostgresException error)
        {
            throw new OrleansScriptException($"{doing}: {error.MessageText} (SQLSTATE {error.SqlState}).", error);
        }
    }

    private OrleansScriptOutcome Decide(OrleansScriptState state) => state switch
    {
        { RecordedSha256: null, RelationExists: false } => OrleansScriptOutcome.Applied,
        { RecordedSha256: null } => OrleansScriptOutcome.Adopted,
        { RecordedSha256: { } recorded, Script: var script } when recorded != script.Sha256 => throw new OrleansScriptException(
            $"This database has {script.Path} of another version (SHA-256 {recorded}; Orleans {list.OrleansVersion} has {script.Sha256}). "
            + "The release notes of Orleans, and the folder Migrations beside the script, say how to go over. "
            + "When that is done, delete the row of the script from orleans_scripts and start this again. Nothing was applied."),
        { RelationExists: false, Script: var script } => throw new OrleansScriptException(
            $"{script.Path} is on record in orleans_scripts, but its table {script.Relation} is not there. "
            + "Restore the table, or remove what is left of the script together with its row, and start this again. Nothing was applied."),
        _ => OrleansScriptOutcome.AlreadyThere,
    };

    private async Task DoAsync(
        OrleansScriptTable table, OrleansScript script, OrleansScriptOutcome outcome, IReadOnlyDictionary<OrleansScript, string> texts, CancellationToken cancellationToken)
    {
        switch (outcome)
        {
            case OrleansScriptOutcome.Applied:
                var started = Stopwatch.GetTimestamp();
                await table.ApplyAsync(script, texts[script], cancellationToken);
                var elapsed = Stopwatch.GetElapsedTime(started);
                LogApplied(script.FileName, elapsed.TotalMilliseconds);
                break;
            case OrleansScriptOutcome.Adopted:
                await table.AdoptAsync(script, cancellationToken);
                LogAdopted(script.FileName, script.Relation);
                break;
            default:
                LogAlreadyThere(script.FileName);
                break;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Orleans' script {Name} applied in {ElapsedMilliseconds:F0} ms")]
    private partial void LogApplied(string name, double elapsedMilliseconds);

    [LoggerMessage(2, LogLevel.Warning, "Orleans' script {Name} was not run: {Relation} exists already, and what is there is taken for the right version")]
    private partial void LogAdopted(string name, string relation);

    [LoggerMessage(3, LogLevel.Information, "Orleans' script {Name} is there already")]
    private partial void LogAlreadyThere(string name);
}
