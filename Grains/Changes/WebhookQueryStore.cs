using System.Collections.Immutable;
using Actors.Storage;

namespace Actors.Changes;

/// <summary>The SQL of <see cref="WebhookQueryGrain"/> and <see cref="WebhookSweeperGrain"/>.</summary>
internal sealed class WebhookQueryStore(Database database)
{
    private const string SelectPage = $"select {WebhookRow.Columns} from webhooks where ($1::uuid is null or id < $1) order by id desc limit $2";

    private const string SelectOne = $"select {WebhookRow.Columns} from webhooks where id = $1";

    private const string SelectLetters =
        $"select {WebhookRow.LetterColumns} from webhook_dead_letters where webhook_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3";

    private const string SelectEnabled = "select id from webhooks where disabled_at is null";

    public async Task<WebhookPage> ListAsync(int limit, Guid? after, CancellationToken cancellationToken)
    {
        var rows = await database.SelectAsync(SelectPage, WebhookRow.Read, cancellationToken, SqlValues.Uuid(after), SqlValues.Integer(limit + 1));
        return new WebhookPage([.. rows.Take(limit)], rows.Length > limit);
    }

    public async Task<WebhookRecord?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        (await database.SelectAsync(SelectOne, WebhookRow.Read, cancellationToken, SqlValues.Uuid(id))).SingleOrDefault();

    public async Task<DeadLetterPage> ListLettersAsync(Guid webhookId, int limit, Guid? after, CancellationToken cancellationToken)
    {
        var rows = await database.SelectAsync(
            SelectLetters, WebhookRow.ReadLetter, cancellationToken, SqlValues.Uuid(webhookId), SqlValues.Uuid(after), SqlValues.Integer(limit + 1));
        return new DeadLetterPage([.. rows.Take(limit)], rows.Length > limit);
    }

    public Task<ImmutableArray<Guid>> ListEnabledAsync() => database.SelectAsync(SelectEnabled, reader => reader.GetGuid(0), CancellationToken.None);
}
