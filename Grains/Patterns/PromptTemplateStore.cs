using Actors.Idempotency;
using Actors.Storage;
using Npgsql;
using static Actors.Storage.SqlValues;

namespace Actors.Patterns;

/// <summary>The SQL of <see cref="PromptTemplateGrain"/>. Each method is one transaction, so all or nothing.</summary>
/// <remarks>
/// Every method throws <see cref="StorageUnavailableException"/>, <see cref="Hosting.WritesSuspendedException"/>,
/// <see cref="OutcomeUnknownException"/>, or <see cref="PatternRefusedException"/> for what the schema refuses.
/// </remarks>
internal sealed class PromptTemplateStore(Database database)
{
    // In the order of ids, so that two who want them all never wait for each other.
    private const string LockVersions =
        "select from prompt_templates where name = (select name from prompt_templates where id = $1) order by id for update";

    private const string Select = $"select {PatternRow.PromptColumns} from prompt_templates where id = $1";

    private const string InsertNext =
        $"""
        insert into prompt_templates (id, name, version, purpose, template, variables, active, created_at, updated_at)
        select $1, $2, coalesce(max(version), 0) + 1, $3, $4, to_jsonb($5::text[]), $6, $7, $7 from prompt_templates where name = $2
        returning {PatternRow.PromptColumns}
        """;

    private const string Update = $"update prompt_templates set purpose = $2, active = $3 where id = $1 returning {PatternRow.PromptColumns}";

    private const string DeactivateOthers = "update prompt_templates set active = false where name = $1 and active and id <> $2";

    private const string Delete = "delete from prompt_templates where id = $1";

    /// <summary>Stores the first version of a prompt, and with it the answer to its request if that may be repeated.</summary>
    /// <exception cref="PromptNameTakenException">There are versions of that name.</exception>
    public Task<PromptRecord> InsertFirstAsync(PromptRecord prompt, IdempotencyKey? key) => database.WriteTransactionAsync(
        async connection =>
        {
            if (await connection.AskAsync("select exists (select from prompt_templates where name = $1)", Text(prompt.Name)))
            {
                throw new PromptNameTakenException();
            }

            var stored = await InsertAsync(connection, prompt);
            await connection.KeepAnswerAsync(key, clientId: null, stored, KeptAnswerJson.Default.PromptRecord, stored.CreatedAt);
            return stored;
        },
        // By SQL, meanwhile.
        failure => failure.SqlState == PostgresErrorCodes.UniqueViolation ? new PromptNameTakenException() : RefusalOf(failure));

    /// <summary>Changes a version of a prompt, or stores the next one. Of one that becomes active, the other versions become inactive.</summary>
    /// <param name="promptId">Which version.</param>
    /// <param name="change">What it becomes, given what it is: the same id, or another for a new version.</param>
    /// <exception cref="PatternNotFoundException">There is no version of that id.</exception>
    public Task<PromptRecord> ChangeAsync(Guid promptId, Func<PromptRecord, PromptRecord> change) => WriteAsync(async connection =>
    {
        var before = await LockAsync(connection, promptId);
        var after = change(before);
        if (after.Active)
        {
            await connection.ExecuteAsync(DeactivateOthers, Text(after.Name), Uuid(after.Id));
        }

        return after.Id == before.Id
            ? (await connection.QueryAsync(Update, PatternRow.ReadPrompt, Uuid(after.Id), Text(after.Purpose), Boolean(after.Active))).Single()
            : await InsertAsync(connection, after);
    });

    /// <summary>Removes one version.</summary>
    /// <param name="promptId">Which.</param>
    /// <param name="check">Throws when it must stay.</param>
    /// <exception cref="PatternNotFoundException">There is no version of that id.</exception>
    public Task<int> DeleteAsync(Guid promptId, Action<PromptRecord> check) => WriteAsync(async connection =>
    {
        check(await LockAsync(connection, promptId));
        return await connection.ExecuteAsync(Delete, Uuid(promptId));
    });

    // All versions of its name: which is active, and which number is next, then stays as it is until the commit.
    private static async Task<PromptRecord> LockAsync(NpgsqlConnection connection, Guid promptId)
    {
        await connection.ExecuteAsync(LockVersions, Uuid(promptId));
        return (await connection.QueryAsync(Select, PatternRow.ReadPrompt, Uuid(promptId))).SingleOrDefault() ?? throw new PatternNotFoundException();
    }

    private static async Task<PromptRecord> InsertAsync(NpgsqlConnection connection, PromptRecord prompt) =>
        (await connection.QueryAsync(
            InsertNext, PatternRow.ReadPrompt, Uuid(prompt.Id), Text(prompt.Name), Text(prompt.Purpose), Text(prompt.Template), Texts(prompt.Variables),
            Boolean(prompt.Active), Time(prompt.CreatedAt))).Single();

    private Task<T> WriteAsync<T>(Func<NpgsqlConnection, Task<T>> write) => database.WriteTransactionAsync(write, RefusalOf);

    private static Exception? RefusalOf(PostgresException failure) => failure.SqlState switch
    {
        // By SQL, which does not lock the versions that are there.
        PostgresErrorCodes.UniqueViolation => new StorageUnavailableException("Somebody else has just stored a version of this prompt; nothing was written.", failure),
        PostgresErrorCodes.NumericValueOutOfRange => new PatternRefusedException("version_out_of_range", "There is no number left for another version."),
        _ => PatternRefusals.Of(failure),
    };
}
