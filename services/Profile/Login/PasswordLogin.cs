using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Passwords;
using Son1kVers3.Profile.SecondFactor;
using Son1kVers3.Profile.Sessions;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Login;

/// <summary>Signs in by password: the same answer after the same work, whether the account or the password is wrong.</summary>
internal sealed class PasswordLogin(ProfileDb db, LoginThrottle throttle, PasswordHashing hashing, SecondFactors factors, TimeProvider clock)
{
    /// <summary>
    /// A new session. Throws 401 <c>invalid-credentials</c>, <c>second-factor-required</c> or <c>invalid-code</c>, or 429 while this account or the
    /// device's address has to wait.
    /// </summary>
    public async Task<(Account Account, Session Session)> SignInAsync(LoginRequest request, Device device, CancellationToken cancellationToken)
    {
        var key = Account.KeyOf(request.Login!);
        var account = await db.Set<Account>().FirstOrDefaultAsync(a => a.UsernameKey == key || a.EmailKey == key, cancellationToken);
        // By the account where there is one: its name and its address are one budget.
        var subject = account?.Id.ToString() ?? key;
        await throttle.ReserveAsync(subject, device.Address, cancellationToken);
        var check = await CheckAsync(account, subject, request.Password!, device, cancellationToken);
        if (account is null || check == PasswordCheck.Wrong)
            throw Problem.Of(401, "invalid-credentials", "The login or the password is wrong.");
        await RequireSecondFactorAsync(account.Id, subject, request.Code, device, cancellationToken);

        await throttle.SucceededAsync(subject, device.Address, cancellationToken);
        if (check == PasswordCheck.RightButOutdated)
            account.PasswordHash = await hashing.HashAsync(request.Password!);
        var session = Session.Begin(account.Id, device, clock.GetUtcNow());
        db.Add(session);
        await db.SaveChangesAsync(cancellationToken);
        return (account, session);
    }

    private async Task<PasswordCheck> CheckAsync(Account? account, string subject, string password, Device device, CancellationToken cancellationToken)
    {
        try
        {
            return await hashing.CheckAsync(account?.PasswordHash, password);
        }
        catch (ProblemException)
        {
            // Too many wait: this one was not looked at.
            await throttle.UndoAsync(subject, device.Address, cancellationToken);
            throw;
        }
    }

    private async Task RequireSecondFactorAsync(Guid id, string subject, string? code, Device device, CancellationToken cancellationToken)
    {
        if (!await factors.IsActiveAsync(id, cancellationToken))
            return;
        if (string.IsNullOrWhiteSpace(code))
        {
            await throttle.UndoAsync(subject, device.Address, cancellationToken);
            throw Problem.Of(401, "second-factor-required", "Send the code of your authenticator app, or a recovery code, as 'code'.");
        }

        if (!await factors.SpendAsync(id, code, cancellationToken))
            throw Problem.Of(401, "invalid-code", "This code is wrong, or was used before.");
    }
}
