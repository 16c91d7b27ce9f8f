namespace Actors.Postgres;

/// <summary>Keeps a second service off the data folder. The kernel releases it when the process ends, however it ends.</summary>
internal static class ServiceLock
{
    /// <exception cref="PostgresDataFolderException">Another service holds it, or the folder cannot be written.</exception>
    public static FileStream Take(string dataFolder)
    {
        var path = Path.Combine(dataFolder, "service.lock");
        try
        {
            DataFolder.Create(dataFolder);
            // FileShare.None is an exclusive flock, which child processes do not inherit. Nothing is written: the name may be a link to somebody's file.
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new PostgresDataFolderException($"The data folder {dataFolder} cannot be written by this user. Start the service as its owner, or choose another folder (--data).", e);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new PostgresDataFolderException(
                $"Another service runs on the data folder {dataFolder} (it holds {path}). Stop it first, or choose another folder (--data).", e);
        }
    }
}
