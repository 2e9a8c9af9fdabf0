using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Son1kVers3.Generation.Data;

/// <summary>Tells failures of the database from others.</summary>
internal static class DatabaseErrors
{
    /// <summary>The database is away, or refused a statement: whether the last one was committed is not known.</summary>
    public static bool IsDatabase(this Exception e) =>
        e is DbException or DbUpdateException or TimeoutException || (e is InvalidOperationException && e.InnerException is DbException);
}
