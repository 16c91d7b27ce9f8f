namespace Actors.Postgres;

/// <summary>The private server cannot run. The message says what to do about it.</summary>
internal class PrivatePostgresException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>No installed PostgreSQL fits the data folder.</summary>
internal sealed class PostgresBinariesMissingException(string message) : PrivatePostgresException(message);

/// <summary>The data folder cannot be used: in use by another service, out of reach, of another owner, or not what it should be.</summary>
internal sealed class PostgresDataFolderException(string message, Exception? cause = null) : PrivatePostgresException(message, cause);

/// <summary>The given connection string cannot be used. The message does not repeat it: it may hold a password.</summary>
internal sealed class ConnectionStringException()
    : PrivatePostgresException("The given connection string is not one of Npgsql. Its form is: \"Host=...;Database=...;Username=...;Password=...\".");

/// <summary>The server did not start, or did not become ready in time. Carries the end of its log.</summary>
internal sealed class PostgresStartException(string message) : PrivatePostgresException(message)
{
    /// <summary>Another program listens on the port; another port may work.</summary>
    public bool AddressInUse { get; init; }
}
