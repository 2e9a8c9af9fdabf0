using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Son1kVers3.Billing.Data.Migrations
{
    /// <inheritdoc />
    public partial class OneOrderOfBadges : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // What was applied so far goes on in the inbox: under one name for both queues.
            migrationBuilder.Sql(
                """
                INSERT INTO inbox_sequences (consumer, aggregate_id, sequence) SELECT 'billing.alvae', user_id, alvae_sequence FROM accounts WHERE alvae_sequence > 0;
                DELETE FROM inbox_sequences WHERE consumer IN ('billing.alvae-granted', 'billing.alvae-revoked');
                """);
            migrationBuilder.DropColumn(
                name: "alvae_sequence",
                table: "accounts");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "alvae_sequence",
                table: "accounts",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);
            migrationBuilder.Sql(
                """
                UPDATE accounts SET alvae_sequence = sequences.sequence FROM inbox_sequences sequences
                WHERE sequences.consumer = 'billing.alvae' AND sequences.aggregate_id = accounts.user_id;
                DELETE FROM inbox_sequences WHERE consumer = 'billing.alvae';
                """);
        }
    }
}
